import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const LICENCES = 'licences.md';
const NOTICES = new URL('node_modules/monaco-editor/ThirdPartyNotices.txt', import.meta.url);

/** Leave out GraphiQL's fonts, half a megabyte: src/style.css names those of the reader's system. */
const leaveOutFonts = {
  name: 'leave-out-fonts',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('graphiql/dist/style.css')) return null;
    return code.replace(/@font-face\s*\{[^}]*\}/g, (rule) => (/Roboto|Fira Code/.test(rule) ? '' : rule));
  },
};

/** Add to the licences of packages those of what the editor holds of others. */
const addNotices = {
  name: 'add-notices',
  writeBundle: {
    order: 'post',
    handler({ dir }) {
      const notices = readFileSync(NOTICES, 'utf-8');
      appendFileSync(join(dir, LICENCES), `\n## Third-party notices of monaco-editor\n\n${notices}`);
    },
  },
};

export default defineConfig({
  // The page is at /graphql, its files are below /graphiql/. All addresses are relative, so a proxy
  // may put a path before them.
  base: './',
  plugins: [leaveOutFonts, addNotices],
  build: {
    assetsDir: 'graphiql',
    chunkSizeWarningLimit: 8000,
    license: { fileName: LICENCES },
    rolldownOptions: { onLog: (level, log, report) => log.code === 'MODULE_LEVEL_DIRECTIVE' || report(level, log) },
  },
});
