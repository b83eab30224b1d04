import { installBackend } from './harness/backends/install.js';
const t=Date.now(); const r=await installBackend({variant:'cpu',onProgress:(l)=>console.log(((Date.now()-t)/1000).toFixed(1),l)}); console.log((Date.now()-t)/1000, r.installed, r.manifest.files.length, r.manifest.tensorflow, r.manifest.folder);
