// Who may import whom. The same rules are proved by test/architecture.test.ts, which also plants violations.
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: '^(gateway|bots|nlu|handoff|config|test)/', pathNot: `^(${allowed.join('|')})/` },
});

module.exports = {
  forbidden: [
    only('gateway-knows-no-other-folder', 'gateway', ['gateway']),
    only('nlu-knows-no-other-folder', 'nlu', ['nlu']),
    only('bots-know-gateway-and-nlu', 'bots', ['bots', 'gateway', 'nlu']),
    only('handoff-knows-gateway', 'handoff', ['handoff', 'gateway']),
    only('the-product-knows-no-tests', 'config', ['config', 'gateway', 'bots', 'nlu', 'handoff']),
    {
      name: 'the-model-imports-nothing',
      severity: 'error',
      from: { path: '^gateway/model/' },
      to: { pathNot: '^gateway/model/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.web.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
