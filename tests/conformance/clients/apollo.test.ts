import assert from "node:assert/strict";
import { test } from "node:test";
import { gql, type TypedDocumentNode } from "@apollo/client";
import { createApolloClient } from "./apollo";
import { apolloThen } from "./as-of";
import { assertData, assertTwoPages, DAY, examples, newQuery, PAGE, type Page, recordRequests, url, WORDS } from "./service";

test("Apollo Client reads the documentation's answers from its cache", async () => {
  for (const { place, query, variables, data } of examples) {
    const client = createApolloClient(url);
    await client.query({ query: gql(query), variables });
    const cached = await client.query({ query: gql(query), variables, fetchPolicy: "cache-only" });
    assertData(cached.data, data, place);
  }
});

test("Apollo Client merges the nodes and the edges of two pages", async () => {
  const client = createApolloClient(url);
  const query: TypedDocumentNode<Page, { after?: string }> = gql(PAGE);
  const list = client.watchQuery({ query });
  const subscription = list.subscribe({});
  const first = await client.query({ query });
  assert.ok(first.data);
  assert.equal(first.data.statements.nodes.length, 2);
  await list.fetchMore({ variables: { after: first.data.statements.pageInfo.endCursor } });
  assertTwoPages(client.readQuery({ query }) as Page);
  subscription.unsubscribe();
});

test("Apollo Client merges objects without an id", async () => {
  const client = createApolloClient(url);
  await client.query({ query: gql(DAY) });
  await client.query({ query: gql(WORDS) });
  assert.deepEqual(await recordRequests(() => client.query({ query: gql(DAY) })), []);
});

test("Apollo Client asks as of a version by a header or the address", async () => {
  for (const client of [apolloThen, createApolloClient(`${url}?version=0`)]) {
    const { data } = await client.query<Page>({ query: gql(PAGE) });
    assert.equal(data?.statements.totalCount, 0);
  }
});

test("Apollo Client's persisted queries are sent once", async () => {
  const query = gql(newQuery());
  const ask = async () => assert.ok((await createApolloClient(url).query({ query })).data);
  assert.deepEqual(await recordRequests(ask), ["GET hash", "POST document"]);
  assert.deepEqual(await recordRequests(ask), ["GET hash"]);
});
