// What each part of the settings screen is given.
import type { SettingsView, SettingsWish } from '../../../shared/contract/settings.ts';

export interface ChoiceProps {
  readonly settings: SettingsView;
  readonly save: (wish: SettingsWish) => void;
}
