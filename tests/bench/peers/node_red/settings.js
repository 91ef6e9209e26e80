// Node-RED for ./bench.sh --peers: on loopback, without its editor, in a folder of its own.
const { Pool } = require(process.env.BENCH_NODE_MODULES + "/pg");

module.exports = {
  uiHost: "127.0.0.1",
  uiPort: Number(process.env.BENCH_PORT),
  userDir: process.env.BENCH_FOLDER,
  flowFile: process.env.BENCH_FLOW,
  httpAdminRoot: false,
  credentialSecret: false,
  editorTheme: { tours: false },
  logging: { console: { level: "warn", metrics: false, audit: false } },
  functionGlobalContext: process.env.BENCH_DATABASE
    ? { pool: new Pool({ host: process.env.BENCH_DATABASE, user: "bench", database: "postgres", max: 16, idleTimeoutMillis: 0 }) }
    : {},
};
