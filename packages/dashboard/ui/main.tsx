import { render } from 'preact';
import { App } from './app.js';
import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/tables.css';
import './styles/views.css';

const page = document.getElementById('page');
if (page !== null) render(<App />, page);
