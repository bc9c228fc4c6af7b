// Operations for the Relay compiler, which reads this file; the tests run what it makes.
import { graphql } from "relay-runtime";

export const statementList = () => [
  graphql`
    query StatementListQuery {
      ...StatementList_query
    }
  `,
  graphql`
    fragment StatementList_query on Query
    @refetchable(queryName: "StatementListPageQuery")
    @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
      statements(first: $count, after: $cursor, orderBy: [{ id: ASC }])
        @connection(key: "StatementList_statements") {
        edges {
          node {
            id
            ...StatementList_fact
          }
        }
      }
    }
  `,
  graphql`
    fragment StatementList_fact on Fact {
      caption
    }
  `,
];
