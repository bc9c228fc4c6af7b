// A plugin: the operations of the documentation, each opened in a tab of its own.

import { createElement as h, useEffect, useState } from 'react';
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

function Icon() {
  const path = 'M4 5h16M4 10h16M4 15h10M4 20h10';
  return h(
    'svg',
    { height: '1em', viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', strokeWidth: 2, 'aria-hidden': true },
    h('path', { d: path, strokeLinecap: 'round' }),
  );
}

function Content() {
  const { addTab, updateActiveTabValues } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const [groups, setGroups] = useState(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    fetch('./graphiql/examples.json')
      .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
      .then(setGroups)
      .catch(() => setFailed(true));
  }, []);

  // Until the editors are there, a new tab would show what they begin with.
  const ready = Boolean(queryEditor && variableEditor);

  function open({ query, variables }) {
    const text = variables ? JSON.stringify(variables, null, 2) : '';
    addTab();
    queryEditor.setValue(query);
    variableEditor.setValue(text);
    updateActiveTabValues({ query, variables: text });
  }

  return h(
    'section',
    { className: 'examples', 'aria-label': 'Examples' },
    h('h2', null, 'Examples'),
    failed && h('p', { role: 'alert' }, 'The examples could not be loaded.'),
    !groups && !failed && h('p', null, 'Loading …'),
    groups?.map((group, index) =>
      h(
        'details',
        { key: group.address, open: index === 0 },
        h('summary', null, group.title),
        h(
          'ul',
          null,
          group.examples.map((example, at) =>
            h(
              'li',
              { key: at },
              h('button', { type: 'button', disabled: !ready, onClick: () => open(example) }, example.title),
            ),
          ),
        ),
        h('a', { href: `./${group.address}` }, 'Read the page'),
      ),
    ),
  );
}

export const EXAMPLES = { title: 'Examples', icon: Icon, content: Content };
