// The peer: @neo4j/graphql on Apollo Server, declared over Parley's own graph.
// An actor and what a role is held with are one type each, by the label they share: an interface
// would make it ask once for each type.
import { readFileSync } from "node:fs";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

const env = process.env;
const typeDefs = readFileSync(new URL("peer.graphql", import.meta.url), "utf8");
const driver = neo4j.driver(
  env.PARLEY_NEO4J_URI,
  neo4j.auth.basic(env.PARLEY_NEO4J_USER, env.PARLEY_NEO4J_PASSWORD),
  { telemetryDisabled: true },
);
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const server = new ApolloServer({ schema });
const sessionConfig = { database: env.PARLEY_NEO4J_DATABASE };
await startStandaloneServer(server, {
  listen: { host: "127.0.0.1", port: Number(process.argv[2]) },
  context: async () => ({ sessionConfig }),
});
