/** The catalogue of floors, weakest first. */
import { categoryMatch } from './category-match.js';
import { clickRate } from './click-rate.js';
import { clickRateCategory } from './click-rate-category.js';
import type { Floor } from './contract.js';
import { randomOrder } from './random-order.js';

export const floors: readonly Floor[] = [randomOrder, clickRate, categoryMatch, clickRateCategory];
