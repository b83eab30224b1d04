/**
 * What installing a native backend takes: which wheels, which files out of them, where to. A pure function of platform
 * and variant, so that it can be shown and tested without installing anything.
 *
 * The library comes from TensorFlow's Python wheels, which hold all that tfjs-node's binding needs: the C API in
 * `libtensorflow_cc`, and its headers. No Python runs later.
 */
import { BackendError } from './names.js';
import { installationKey, tensorflowVersion, type Variant } from './places.js';

/** A wheel whose contents are known. */
interface PinnedWheel {
  /** As pip names it: `tensorflow-cpu==2.21.0`. */
  readonly requirement: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface InstallPlan {
  readonly key: string;
  readonly variant: Variant;
  /** What pip is asked for, so that the local Python's version does not matter. */
  readonly python: { readonly version: string; readonly platform: string };
  readonly wheel: PinnedWheel;
  /** Requirements of further wheels: the CUDA libraries. Their versions are pip's choice, checked by the index's hash. */
  readonly libraries: readonly string[];
  /** Paths in the wheels that are kept, by prefix. */
  readonly keep: readonly string[];
  /** Needed only to compile. */
  readonly keepToCompile: readonly string[];
  /** Refuse an archive that unpacks to more. */
  readonly maxUnpackedBytes: number;
  readonly steps: readonly string[];
  /** What the user should know before. */
  readonly warnings: readonly string[];
}

const headers = [
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/ctstring',
  'tensorflow/include/tsl/platform/ctstring',
  'tensorflow/include/xla/tsl/c/',
];

const wheels: Readonly<Record<string, PinnedWheel>> = {
  'cpu-x64': {
    requirement: `tensorflow-cpu==${tensorflowVersion}`,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    bytes: 273_829_956,
  },
  // There is no tensorflow-cpu for this architecture: the general wheel holds no CUDA either.
  'cpu-arm64': {
    requirement: `tensorflow==${tensorflowVersion}`,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    bytes: 281_800_000,
  },
  'gpu-x64': {
    requirement: `tensorflow==${tensorflowVersion}`,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    bytes: 572_400_000,
  },
};

/** The extra `and-cuda` of the wheel's metadata. */
export const cudaRequirements: readonly string[] = [
  'nvidia-cublas-cu12>=12.5.3.2,<13.0',
  'nvidia-cuda-cupti-cu12>=12.5.82,<13.0',
  'nvidia-cuda-nvcc-cu12>=12.5.82,<13.0',
  'nvidia-cuda-nvrtc-cu12>=12.5.82,<13.0',
  'nvidia-cuda-runtime-cu12>=12.5.82,<13.0',
  'nvidia-cudnn-cu12>=9.3.0.75,<10.0',
  'nvidia-cufft-cu12>=11.2.3.61,<12.0',
  'nvidia-curand-cu12>=10.3.6.82,<11.0',
  'nvidia-cusolver-cu12>=11.6.3.83,<12.0',
  'nvidia-cusparse-cu12>=12.5.1.3,<13.0',
  'nvidia-nccl-cu12>=2.27.7,<3.0',
  'nvidia-nvjitlink-cu12>=12.5.82,<13.0',
];

/** @throws BackendError where no library is known */
export function planInstall(variant: Variant, platform: string, architecture: string): InstallPlan {
  const wheel = platform === 'linux' ? wheels[`${variant}-${architecture}`] : undefined;
  if (wheel === undefined) {
    throw new BackendError(
      `no native ${variant === 'gpu' ? 'GPU library' : 'library'} is known for ${platform} on ${architecture}; ` +
        'the embedded backend works there: use --backend wasm',
    );
  }
  const libraries = variant === 'gpu' ? cudaRequirements : [];
  return {
    key: installationKey(variant),
    variant,
    python: { version: '3.11', platform: `manylinux_2_27_${architecture === 'x64' ? 'x86_64' : 'aarch64'}` },
    wheel,
    libraries,
    keep: [
      'tensorflow/libtensorflow_cc.so.2',
      'tensorflow/libtensorflow_framework.so.2',
      ...(variant === 'gpu' ? ['nvidia/'] : []),
    ],
    keepToCompile: headers,
    maxUnpackedBytes: variant === 'gpu' ? 12e9 : 2e9,
    steps: [
      `download ${wheel.requirement} (${Math.round(wheel.bytes / 1e6)} MB) by pip and check its sha256`,
      ...(libraries.length > 0 ? [`download ${libraries.length} CUDA libraries by pip (about 3 GB)`] : []),
      'unpack the library',
      'copy the JavaScript side',
      'compile the binding with g++',
      'load it and multiply two matrices',
      'put it in place',
    ],
    warnings: untried(variant, architecture),
  };
}

function untried(variant: Variant, architecture: string): string[] {
  if (variant === 'gpu') return ['this recipe for GPUs has not been run on a GPU yet'];
  return architecture === 'arm64' ? ['this recipe has not been run on arm64 yet'] : [];
}
