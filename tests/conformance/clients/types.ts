// Uses of generated types, which `tsc --strict` compiles.
import { createApolloClient } from "./apollo";
import { graphql } from "./gql";
import { graphql as tada } from "./tada";
import type { ResultOf, VariablesOf } from "gql.tada";
import type { StatementsQueryVariables } from "./gql/graphql";

const client = createApolloClient("");

const statements = graphql(`
  query Statements($where: StatementWhere, $orderBy: [StatementOrder!]) {
    statements(where: $where, orderBy: $orderBy) {
      nodes {
        text
        speechAct
        saidOn { earliest }
        about { nodes { __typename ... on Issue { name } } }
      }
    }
  }
`);

export async function firstLine(): Promise<string | undefined> {
  const variables: StatementsQueryVariables = {
    where: { speechAct: { eq: "WARNS" }, saidOn: { within: "2017-11" } },
    orderBy: [{ saidOn: "DESC" }],
  };
  const { data } = await client.query({ query: statements, variables });
  const statement = data?.statements.nodes[0];
  const day: string | null | undefined = statement?.saidOn?.earliest;
  const issues = statement?.about.nodes.map((node) => (node.__typename === "Issue" ? node.name : node.__typename));
  // @ts-expect-error: it was not selected
  statement?.quote;
  return `${statement?.text} ${day} ${issues}`;
}

// @ts-expect-error: StatementOrder is @oneOf
export const twoKeys: StatementsQueryVariables = { orderBy: [{ id: "ASC", saidOn: "DESC" }] };

const figures = tada(`
  query Figures($where: TradeFigureWhere, $orderBy: [TradeFigureOrder!]) {
    tradeFigures(where: $where, orderBy: $orderBy) { nodes { value unit period { edtf } } }
  }
`);

export const value = (data: ResultOf<typeof figures>): string | null | undefined =>
  data.tradeFigures.nodes[0]?.value;
export const oneKey: VariablesOf<typeof figures> = { orderBy: [{ id: "ASC" }] };
// @ts-expect-error: TradeFigureOrder is @oneOf
export const noKey: VariablesOf<typeof figures> = { orderBy: [{}] };
