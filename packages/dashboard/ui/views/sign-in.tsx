import { useState } from 'preact/hooks';
import { keepToken } from '../data/client.js';
import { useSpeech } from '../words/words.js';

/** Asks for the token. */
export function SignIn({ wasWrong, onToken }: { readonly wasWrong: boolean; readonly onToken: () => void }) {
  const { words } = useSpeech();
  const [token, setToken] = useState('');
  const open = (event: Event) => {
    event.preventDefault();
    keepToken(token.trim());
    onToken();
  };
  return (
    <form class="sign-in card" onSubmit={open}>
      <h1>{words.signIn.title}</h1>
      <p class="faint">{words.signIn.hint}</p>
      <label for="token">{words.signIn.token}</label>
      <div class="row">
        <input
          id="token"
          type="password"
          autocomplete="off"
          required
          value={token}
          aria-describedby="wrong"
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <button type="submit" class="primary">
          {words.signIn.open}
        </button>
      </div>
      <p id="wrong" class="bad-text" role="alert">
        {wasWrong ? words.signIn.wrong : ''}
      </p>
    </form>
  );
}
