// A real mail server for the tests: STARTTLS with the certificate given, one account, and what it took is written to a file.
// node server.mjs PORT FOLDER (FOLDER holds key.pem and cert.pem; taken.json is written there)
import { createRequire } from 'node:module';
import { appendFileSync, readFileSync } from 'node:fs';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
const { SMTPServer } = require('smtp-server');
const [port, folder] = process.argv.slice(2);

const server = new SMTPServer({
  key: readFileSync(`${folder}/key.pem`),
  cert: readFileSync(`${folder}/cert.pem`),
  authMethods: ['PLAIN', 'LOGIN'],
  onAuth: (auth, session, done) =>
    auth.username === 'noaber' && auth.password === 'geheim' && session.secure
      ? done(null, { user: auth.username })
      : done(new Error('wrong account')),
  onData: (stream, session, done) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      const to = session.envelope.rcptTo.map((one) => one.address);
      appendFileSync(`${folder}/taken.json`, `${JSON.stringify({ to, text: Buffer.concat(parts).toString('utf8') })}\n`);
      done();
    });
  },
});
server.on('error', () => {});
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
