// Loads a server with autocannon as one JSON object on standard input says, and writes what was
// measured as one on standard output:
//   {"url", "clients", "requests", "bodies": [texts of JSON]} in,
//   {"requests", "seconds", "p50", "p95", "p99", "bytes", "failed"} out; latencies in milliseconds.
// Each client asks all bodies in turn, each begins elsewhere.
import { readFileSync } from "node:fs";
import autocannon from "autocannon";

const asked = JSON.parse(readFileSync(0, "utf8"));
const requests = asked.bodies.map((body) => ({ body }));
const times = [];
let bytes = 0;
let clients = 0;
const started = performance.now();
let ended = started;

const run = autocannon({
  url: asked.url,
  method: "POST",
  headers: { "content-type": "application/json" },
  connections: asked.clients,
  timeout: 120,
  amount: asked.requests,
  requests,
  verifyBody: (body) => !body.includes('"errors":['),
  setupClient: (client) => {
    const first = Math.floor((clients++ * requests.length) / asked.clients);
    client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
  },
});
run.on("response", (client, status, size, time) => {
  ended = performance.now();
  times.push(time);
  bytes += size;
});

const found = await run;
times.sort((a, b) => a - b);
const percentile = (share) => times[Math.ceil(share * times.length) - 1];
console.log(
  JSON.stringify({
    requests: times.length,
    seconds: (ended - started) / 1000,
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
    bytes: Math.round(bytes / times.length),
    failed: found.non2xx + found.mismatches + found.errors,
  }),
);
