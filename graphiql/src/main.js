import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './style.css';

import { createElement as h } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { createGraphiQLFetcher } from '@graphiql/toolkit';

import { readAddress, showAddress } from './address.js';
import { EXAMPLES } from './examples.js';

const START = `# Ctrl-Enter runs, Ctrl-Space completes.
# @asOf(validTime: "2017-11-05") asks
# for what was valid on that day.

query Latest @asOf {
  statements(
    first: 3
    orderBy: [{ saidOn: DESC }]
  ) {
    totalCount
    nodes {
      caption
      saidOn { words }
      evidence { nodes { locator } }
    }
  }
}
`;

const opened = readAddress();
const fetcher = createGraphiQLFetcher({ url: location.pathname });
const plugins = [EXAMPLES, HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

// What the address gives counts for more than what the browser kept of an earlier visit.
const initial = opened.query
  ? { initialQuery: opened.query, initialVariables: opened.variables ?? '', operationName: opened.operationName }
  : {};

function App() {
  return h(
    GraphiQL,
    {
      fetcher,
      plugins,
      defaultQuery: START,
      visiblePlugin: EXAMPLES,
      defaultEditorToolsVisibility: 'variables',
      onTabChange: ({ tabs, activeTabIndex }) => showAddress(tabs[activeTabIndex]),
      ...initial,
    },
    h(GraphiQL.Logo, null, h('a', { href: './' }, 'Parley')),
  );
}

createRoot(document.getElementById('graphiql')).render(h(App));
