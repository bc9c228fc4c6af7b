// What the tests of all clients share: the service's address, and operations with their answers.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

export const url = process.env.PARLEY_URL ?? "";

/** An operation of the documentation, with the data that its page shows. */
interface Example {
  place: string;
  query: string;
  variables: Record<string, unknown>;
  data: unknown;
}

export const examples: Example[] = JSON.parse(readFileSync("examples.json", "utf-8"));

/** A page of a list, with fragments on interfaces. */
export const PAGE = `
  query StatementPage($after: String) {
    statements(first: 2, after: $after, orderBy: [{ id: ASC }]) {
      totalCount
      nodes { id ...FactLine speakers { nodes { id ...ActorLine } } }
      edges { node { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
  fragment FactLine on Fact { caption }
  fragment ActorLine on Actor { name }
`;

export interface Page {
  statements: {
    totalCount: number;
    nodes: { id: string; caption: string; speakers: { nodes: { name: string }[] } }[];
    edges: { node: { id: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

/** Assert that two pages were merged, and that the fragments on interfaces were read. */
export function assertTwoPages(page: Page): void {
  const { nodes, edges } = page.statements;
  assert.equal(new Set(nodes.map((node) => node.id)).size, 4);
  assert.deepEqual(edges.map((edge) => edge.node.id), nodes.map((node) => node.id));
  for (const node of nodes) assert.match(node.caption, /: /);
  assert.ok(nodes.flatMap((node) => node.speakers.nodes).every((actor) => actor.name));
}

/** Two selections of the same date, which has no id. */
export const DAY = `{ statement(id: "statement:nafta-round-five/four-disputes") { id saidOn { edtf } } }`;
export const WORDS = `{ statement(id: "statement:nafta-round-five/four-disputes") { id saidOn { words } } }`;

/** Return an operation that the service was not asked before. */
export function newQuery(): string {
  return `query New${randomUUID().replaceAll("-", "")} { issues { nodes { id name } } }`;
}

/** Call `act`, and return the requests that it sent. */
export async function recordRequests(act: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const query = typeof init?.body === "string" ? init.body : new URL(String(input)).search;
    sent.push(`${init?.method ?? "GET"} ${/[?&"]query["=]/.test(query) ? "document" : "hash"}`);
    return send(input, init);
  };
  try {
    await act();
  } finally {
    globalThis.fetch = send;
  }
  return sent;
}

/** Assert that data are as expected; clients may add `__typename`. */
export function assertData(data: unknown, expected: unknown, place: string): void {
  assert.deepEqual(dropAdded(data, expected), expected, place);
}

function dropAdded(data: unknown, expected: unknown): unknown {
  if (Array.isArray(data)) {
    return data.map((item, index) => dropAdded(item, Array.isArray(expected) && expected[index]));
  }
  if (!isObject(data) || !isObject(expected)) return data;
  const kept = Object.entries(data).filter(([key]) => key !== "__typename" || key in expected);
  return Object.fromEntries(kept.map(([key, value]) => [key, dropAdded(value, expected[key])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
