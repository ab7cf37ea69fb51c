// Hindi as one of the languages: its words, and a font for its script.
import './font.css';
import type { Messages } from '../en.ts';
import { hi } from './table.ts';

export const text: Messages = hi;
