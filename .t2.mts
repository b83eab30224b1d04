import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from './harness/backends/index.js';
import { gradientError } from './harness/backends/finite-differences.js';
const b=(process.argv[2] ?? 'wasm') as 'wasm';
console.log(await startBackend(b));
console.log('cumsum', gradientError(x=>tf.cumsum(x,1),[[4,4,4]]), 'sqd', gradientError((x,y)=>tf.squaredDifference(x,y),[[3,4],[4]]),'gather',gradientError(x=>tf.gather(x,tf.tensor1d([1,1,3],'int32')),[[5,3]]));
for (const [sa,sb,ta,tb] of [[[5,3],[5,4],true,false],[[3,5],[4,5],false,true],[[2,60,40],[2,70,40],false,true],[[2,40,60],[2,40,60],true,false],[[2,2,3,4],[2,2,4,5],false,false],[[5,3],[4,5],true,true]] as const) console.log(sa,sb,ta,tb, tf.util.sizeFromShape([...sa])<200?gradientError((x,y)=>tf.matMul(x,y,ta,tb),[[...sa],[...sb]]):'');
const time=(n:string,flop:number,f:()=>tf.Tensor)=>{let best=1e9;for(let i=0;i<5;i++){const t=performance.now();const o=f();o.dataSync().length;best=Math.min(best,performance.now()-t);o.dispose();}console.log(n.padEnd(40),best.toFixed(1),(flop/best/1e6).toFixed(1)+' GFLOP/s');};
for (const [b,m,k,n] of [[1,512,16,512],[64,512,16,512],[64,512,512,16],[64,16,512,16],[8,512,256,512],[64,128,16,128],[64,16,16,16],[64,25,25,25],[64,32,32,32],[64,50,16,50]] as const){
 const A=tf.randomNormal([b,m,k]),At=tf.randomNormal([b,k,m]),B=tf.randomNormal([b,k,n]),Bt=tf.randomNormal([b,n,k]);
 time(`plain ${b} ${m} ${k} ${n}`,2*b*m*k*n,()=>tf.matMul(A,B));
 time(`tB    ${b} ${m} ${k} ${n}`,2*b*m*k*n,()=>tf.matMul(A,Bt,false,true));
 time(`tA    ${b} ${m} ${k} ${n}`,2*b*m*k*n,()=>tf.matMul(At,B,true,false));
}
const x=tf.randomNormal([16384,256]), y=tf.randomNormal([16384,256]);
time('x^T y',2*16384*256*256,()=>tf.matMul(x,y,true)); time('sum0',1,()=>tf.sum(x,0)); time('slice',1,()=>tf.slice(x,[100,0],[10,256]));
const bb=tf.tensor2d([1,2,3,4,5,6],[2,3]); tf.matMul(tf.ones([1,2]),bb).print(); tf.matMul(tf.ones([1,3]),tf.reshape(bb,[3,2])).print();
