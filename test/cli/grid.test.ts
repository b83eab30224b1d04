import { describe, expect, test } from 'vitest';
import { fastformer } from '../../architectures/fastformer.js';
import { combinations, parseGrid, pointOf, titleOf } from '../../cli/grid.js';

describe('a grid', () => {
  const grid = parseGrid('pooling=mean,max', parseGrid('interaction = product, add'));

  test('gives every combination once, the first of each value first', () => {
    expect(combinations(grid).map(titleOf)).toEqual([
      'interaction=product, pooling=mean',
      'interaction=product, pooling=max',
      'interaction=add, pooling=mean',
      'interaction=add, pooling=max',
    ]);
  });

  test('refuses a name twice, and text that is no list', () => {
    expect(() => parseGrid('pooling=max', grid)).toThrow('given twice');
    expect(() => parseGrid('pooling')).toThrow('name=value,value');
    expect(() => parseGrid('pooling=mean,,max')).toThrow('separated by commas');
  });
});

describe('a combination', () => {
  test('is options with defaults, and sizes of the encoder and of training, of their types', () => {
    const point = pointOf(
      fastformer,
      {
        interaction: 'add',
        'encoder.shareLayers': 'true',
        'encoder.layers': '2',
        'training.learningRate': '0.01',
      },
      { pooling: 'mean' },
    );
    expect(point).toEqual({
      architecture: {
        name: 'fastformer',
        options: { ...fastformer.options.parse({}), interaction: 'add', pooling: 'mean' },
      },
      encoder: { shareLayers: true, layers: 2 },
      training: { learningRate: 0.01 },
    });
  });

  test.each([
    [{ interaktion: 'add' }, "did you mean 'interaction'"],
    [{ interaction: 'sum' }, 'interaction'],
    [{ 'encoder.layer': '2' }, "did you mean 'layers'"],
    [{ 'encoder.layers': '0' }, 'layers'],
    [{ 'training.learningRate': 'fast' }, 'learningRate'],
    [{ pooling: 'max' }, 'pooling is in --grid and in --option'],
  ])('with a slip is refused: %j', (combination, message) => {
    expect(() => pointOf(fastformer, combination, { pooling: 'mean' })).toThrow(message);
  });
});
