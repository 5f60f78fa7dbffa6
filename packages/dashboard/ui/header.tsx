import icon from './icon.svg';
import type { Route } from './route.js';
import { LANGUAGES, THEMES, type useSettings } from './settings.js';
import { useSpeech } from './words/words.js';

const VIEWS = ['now', 'history', 'plan', 'doctor'] as const;

/** The name of the config, the views, and how the page looks. */
export function Header({
  config,
  route,
  settings,
}: {
  readonly config: string | undefined;
  readonly route: Route;
  readonly settings: ReturnType<typeof useSettings>;
}) {
  const { words } = useSpeech();
  const current = route.view === 'pass' ? 'history' : route.view;
  return (
    <header>
      <div class="bar">
        <a class="brand" href="#/now">
          <img src={icon} alt="" width="22" height="22" />
          jobsweep
        </a>
        {config !== undefined && <span class="config">{words.config(config)}</span>}
        <nav aria-label={words.navigation}>
          {VIEWS.map((view) => (
            <a key={view} href={`#/${view}`} aria-current={view === current ? 'page' : undefined}>
              {words.views[view]}
            </a>
          ))}
        </nav>
        <div class="settings">
          <select
            aria-label={words.language}
            value={settings.language}
            onChange={({ currentTarget }) => {
              const language = LANGUAGES.find((one) => one === currentTarget.value);
              if (language !== undefined) settings.choose({ language });
            }}
          >
            {LANGUAGES.map((language) => (
              <option key={language} value={language}>
                {words.languages[language]}
              </option>
            ))}
          </select>
          <select
            aria-label={words.theme}
            value={settings.theme}
            onChange={({ currentTarget }) => {
              const theme = THEMES.find((one) => one === currentTarget.value);
              if (theme !== undefined) settings.choose({ theme });
            }}
          >
            {THEMES.map((theme) => (
              <option key={theme} value={theme}>
                {words.themes[theme]}
              </option>
            ))}
          </select>
        </div>
      </div>
    </header>
  );
}
