// English as one of the languages.
import { en, type Messages } from '../en.ts';

export const text: Messages = en;
