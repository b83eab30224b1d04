/** What a running cell tells about its progress; sent outside of timed regions only. */
export type CellEvent =
  | { readonly kind: 'phase'; readonly text: string }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly of: number;
      readonly trainLoss: number;
      readonly seconds: number;
    };

export type Report = (event: CellEvent) => void;
