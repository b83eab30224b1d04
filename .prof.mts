import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module'; import {dirname} from 'node:path';
import { registerKernels } from './harness/backends/kernels.js';
import { applyPatches } from './harness/backends/patches.js';
import { architectures } from './architectures/index.js';
import { createParameters } from './architectures/scope.js'; import { createEncoder } from './architectures/encoder.js';
import { createClassifier } from './tasks/classification/model.js'; import { createAdam } from './harness/adam.js'; import { compileTrainingStep } from './harness/training-step.js';
const require = createRequire('/work/main/package.json');
const [which,name,N,tokens] = process.argv.slice(2);
if (which==='wasm') { setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))+'/'); }
if (which==='tensorflow') { const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'); require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels');
 tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(require('/tmp/lib/tensorflow/tfjs_binding.node'), 'x')); }
registerKernels(which as any); applyPatches(which as any);
await tf.setBackend(which); await tf.ready();
const a = architectures.find(a=>a.name===name)!; const n=+N!, b=Math.floor(+tokens!/n);
const p = createParameters(1); const enc = createEncoder(p.scope,a,a.options.parse({}),{length:n,layers:2,hidden:256,heads:16,feedForward:1024,dropout:0,norm:'post',positions:true,shareLayers:false,pooling:'linear'},10000);
const m = createClassifier(p.scope,enc,5); const adam=createAdam(p.variables,{clipNorm:null,weightDecay:0}); const st=compileTrainingStep(m,p,adam);
const inp={ids:tf.tensor2d(Int32Array.from({length:b*n},(_, i)=>i*7919%10000),[b,n],'int32'),mask:tf.ones([b,n]) as any,labels:tf.tensor1d(Int32Array.from({length:b},(_, i)=>i%5),'int32'),seed:tf.tensor1d([1],'int32'),learningRate:tf.scalar(1e-3)};
st.run(inp).loss.dispose(); 
const acc=new Map<string,[number,number]>();
// time kernels by wrapping registry
for (const k of tf.getKernelsForBackend(which)) { const f=k.kernelFunc; (k as any).kernelFunc=(args:any)=>{const t=performance.now(); const r=f(args); const e=performance.now()-t; const shape=Object.values(args.inputs).map((x:any)=>x?.shape?.join('x')).join(','); const key=k.kernelName+' '+shape; const c=acc.get(key)??[0,0]; c[0]+=e;c[1]++; acc.set(key,c); return r;}; }
const t=performance.now(); const l=st.run(inp).loss; l.dataSync(); console.log('total',performance.now()-t);
const rows=[...acc].sort((x,y)=>y[1][0]-x[1][0]).slice(0,28); for(const [k,[ms,c]] of rows) console.log(ms.toFixed(0).padStart(6),c,k);
const by=new Map<string,number>(); for(const [k,[ms]] of acc) {const n=k.split(' ')[0]!; by.set(n,(by.get(n)??0)+ms);} console.log([...by].sort((x,y)=>y[1]-x[1]).slice(0,20).map(([k,v])=>k+':'+v.toFixed(0)).join(' '));
