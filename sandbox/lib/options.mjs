// Command line of the stand-ins: --name value pairs, each known by the program; anything else is an error with help.
export function options(argv, known, usage) {
  const values = Object.fromEntries(Object.entries(known).map(([name, fallback]) => [name, fallback]));
  for (let i = 0; i < argv.length; i += 2) {
    const name = argv[i].replace(/^--/, '');
    if (name === 'help' || !(name in known) || argv[i + 1] === undefined) {
      console.log(usage);
      process.exit(name === 'help' ? 0 : 2);
    }
    values[name] = argv[i + 1];
  }
  return values;
}
