import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module'; import {dirname} from 'node:path';
import { registerKernels } from './harness/backends/kernels.js';
import { architectures } from './architectures/index.js';
import { runSpeed } from './harness/speed.js';
const require = createRequire('/work/main/package.json');
const [which,name,mode,N,tokens,opts,pooling] = process.argv.slice(2);
if (which==='wasm') { setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))+'/'); }
if (which==='tensorflow') { const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'); require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels');
 tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(require('/tmp/lib/tensorflow/tfjs_binding.node'), 'x')); }
registerKernels(which as any);
try { const {applyPatches}=await import('./harness/backends/patches.js'); console.log(applyPatches(which as any)); } catch(e) {console.log(String(e))}
await tf.setBackend(which); await tf.ready();
const a = architectures.find(a=>a.name===name)!;
const r = await runSpeed({task:'speed',kind:'speed',architecture:name,options:JSON.parse(opts||'{}'),encoder:{length:+N,layers:2,hidden:256,heads:16,feedForward:1024,dropout:0,norm:'post',positions:true,shareLayers:false,pooling:(pooling||'linear') as any},mode:mode as any,batch:Math.max(1,Math.floor(+tokens/+N)),vocabulary:10000,classes:5,warmup:1,samples:5,seed:1,backend:which},a,{name:which} as any,()=>{});
console.log(which,name,mode,N,JSON.stringify({s:r.samples!.map(x=>+x.toFixed(3)),median:r.seconds,rss:r.memory.peakResidentBytes!/1e6|0,tens:r.memory.peakTensorBytes!/1e6|0,p:r.costs!.parameters,loss:r.metrics}));
