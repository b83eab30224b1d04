import { startBackend } from './harness/backends/index.js';
import { architectures } from './architectures/index.js';
import { readGolden } from './harness/conformance/golden.js';
import { checkArchitecture } from './harness/conformance/kit.js';
console.log(await startBackend(process.argv[2] as any));
for (const a of architectures) { const g = a.name==='none'?[]: await readGolden('/work/shared/golden/'+a.name); const t=performance.now();
 for (const c of checkArchitecture(a,g)) if(!c.name.startsWith('golden')||!c.passed) console.log(a.name,c.passed,c.name,c.measured,c.allowed,c.detail); console.log(performance.now()-t,'ms'); }
