import { useMemo, useState } from 'preact/hooks';
import type { NowAnswer, Sent } from '../src/api/shapes.js';
import { keepToken, knowsToken } from './data/client.js';
import { useAnswer } from './data/use-answer.js';
import { Header } from './header.js';
import { CommandContext } from './parts/command.js';
import { Notice } from './parts/notice.js';
import { type Route, useRoute } from './route.js';
import { useSettings } from './settings.js';
import { useTitle } from './title.js';
import { DoctorView } from './views/doctor.js';
import { HistoryView } from './views/history.js';
import { NowView } from './views/now.js';
import { PassView } from './views/pass.js';
import { PlanView } from './views/plan.js';
import { SignIn } from './views/sign-in.js';
import { SpeechContext, speechOf, useSpeech } from './words/words.js';

const LOOK_MS = 10_000;

/** The page. What it shows first is asked for whichever view is open: it has the name of the config, and who may look. */
export function App() {
  const settings = useSettings();
  const speech = useMemo(() => speechOf(settings.language), [settings.language]);
  const [signIns, setSignIns] = useState(0);
  return (
    <SpeechContext.Provider value={speech}>
      <Page key={signIns} settings={settings} onToken={() => setSignIns(signIns + 1)} />
    </SpeechContext.Provider>
  );
}

function Page({
  settings,
  onToken,
}: {
  readonly settings: ReturnType<typeof useSettings>;
  readonly onToken: () => void;
}) {
  const speech = useSpeech();
  const { words } = speech;
  const route = useRoute();
  const now = useAnswer<Sent<NowAnswer>>('now', LOOK_MS, isCounting);
  const wasWrong = useMemo(knowsToken, []);
  useTitle(route, now.answer, speech);
  const isRefused = now.problem?.code === 'UNAUTHORIZED';
  if (now.wantsToken) keepToken(null);
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        {words.skip}
      </button>
      <Header config={now.answer?.config} route={route} settings={settings} />
      <main id="content" tabIndex={-1}>
        {now.wantsToken && <SignIn wasWrong={wasWrong} onToken={onToken} />}
        {isRefused && !now.wantsToken && <Notice level="bad">{words.signIn.refused}</Notice>}
        {!isRefused && (
          <CommandContext.Provider value={now.answer?.command}>
            <View route={route} now={now} />
          </CommandContext.Provider>
        )}
      </main>
    </>
  );
}

function View({ route, now }: { readonly route: Route; readonly now: ReturnType<typeof useAnswer<Sent<NowAnswer>>> }) {
  switch (route.view) {
    case 'now':
      return <NowView now={now} />;
    case 'history':
      return <HistoryView range={route.range} strategy={route.strategy} now={now} />;
    case 'pass':
      return <PassView id={route.id} />;
    case 'plan':
      return <PlanView now={now} />;
    case 'doctor':
      return <DoctorView />;
  }
}

/** Whether something is still being counted. */
const isCounting = ({ strategies }: Sent<NowAnswer>): boolean =>
  strategies.some(({ isCounted, backlog }) => isCounted && backlog === null);

/** The address has the view behind its `#`, so this is no link. */
const skip = () => document.getElementById('content')?.focus();
