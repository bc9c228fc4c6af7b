import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ConcreteRequest,
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  getRequest,
  getSingularSelector,
  type OperationType,
  type Variables,
} from "relay-runtime";
import { relayThen } from "./as-of";
import { createEnvironment } from "./environment";
import { assertData, examples, url } from "./service";

/** Return what the Relay compiler made of an operation or a fragment. */
async function artifact(name: string) {
  return (await import(`./__generated__/${name}.graphql`)).default;
}

async function ask(environment: Environment, name: string, variables: Variables) {
  return fetchQuery<OperationType>(environment, await artifact(name), variables).toPromise();
}

test("Relay reads the documentation's answers from its store", async () => {
  for (const [index, { place, variables, data }] of examples.entries()) {
    const answer = await ask(createEnvironment(url), `documents${index}Query`, variables);
    assertData(answer, data, place);
  }
});

test("Relay merges two pages of edges, and reads fragments on interfaces", async () => {
  const environment = createEnvironment(url);
  const list = await readList(environment, "StatementListQuery");
  assert.equal(list().edges.length, 2);
  await ask(environment, "StatementListPageQuery", { cursor: list().pageInfo.endCursor });
  assert.equal(new Set(list().edges.map((edge) => edge.node.id)).size, 4);
  const line = await artifact("StatementList_fact");
  for (const edge of list().edges) {
    const { data } = environment.lookup(getSingularSelector(line, edge.node)!);
    assert.match(String(data?.caption), /: /);
  }
});

test("Relay's own query for a page is asked as of the version in the header or the address", async () => {
  for (const environment of [relayThen, createEnvironment(`${url}?version=0`)]) {
    const list = await readList(environment, "StatementListPageQuery");
    assert.deepEqual(list().edges, []);
  }
});

/** Ask an operation that spreads the list's fragment; return how to read the list from the store. */
async function readList(environment: Environment, name: string): Promise<() => StatementList> {
  const request = getRequest(await artifact(name)) as ConcreteRequest;
  const operation = createOperationDescriptor(request, {});
  environment.retain(operation);
  await ask(environment, name, {});
  const fragment = await artifact("StatementList_query");
  return () => {
    const selector = getSingularSelector(fragment, environment.lookup(operation.fragment).data);
    return environment.lookup(selector!).data?.statements as StatementList;
  };
}

interface StatementList {
  edges: { node: { id: string } }[];
  pageInfo: { endCursor: string };
}
