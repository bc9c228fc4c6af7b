import assert from "node:assert/strict";
import { test } from "node:test";
import { urqlThen } from "./as-of";
import settings from "./client-settings.json";
import { assertData, assertTwoPages, DAY, examples, newQuery, PAGE, type Page, recordRequests, url, WORDS } from "./service";
import { createUrqlClient } from "./urql";

test("urql reads the documentation's answers from its cache", async ({ mock }) => {
  const warn = mock.method(console, "warn", () => undefined);
  for (const { place, query, variables, data } of examples) {
    const client = createUrqlClient(url);
    await client.query(query, variables);
    const cached = await client.query(query, variables, { requestPolicy: "cache-only" });
    assertData(cached.data, data, place);
  }
  // The examples do not select the ids of all nodes; all other types have settings.
  const unknown = warn.mock.calls.map(({ arguments: [text] }) => /config for `(\w+)`/.exec(text)?.[1]);
  assert.ok(unknown.every((name) => name && !settings.typesWithoutId.includes(name)));
});

test("urql merges the nodes and the edges of two pages", async () => {
  const client = createUrqlClient(url);
  const first = await client.query<Page>(PAGE, {});
  assert.ok(first.data);
  assert.equal(first.data.statements.nodes.length, 2);
  await client.query<Page>(PAGE, { after: first.data.statements.pageInfo.endCursor });
  const merged = client.readQuery<Page>(PAGE, {});
  assertTwoPages(merged?.data as Page);
});

test("urql merges objects without an id", async () => {
  const client = createUrqlClient(url);
  await client.query(DAY, {});
  await client.query(WORDS, {});
  assert.deepEqual(await recordRequests(async () => client.query(DAY, {})), []);
});

test("urql asks as of a version by a header or the address", async () => {
  for (const client of [urqlThen, createUrqlClient(`${url}?version=0`)]) {
    const { data } = await client.query<Page>(PAGE, {});
    assert.equal(data?.statements.totalCount, 0);
  }
});

test("urql's persisted queries are sent once", async () => {
  const query = newQuery();
  const ask = async () => assert.ok((await createUrqlClient(url).query(query, {})).data);
  assert.deepEqual(await recordRequests(ask), ["GET hash", "GET document"]);
  assert.deepEqual(await recordRequests(ask), ["GET hash"]);
});
