// Must be imported before anything that makes a schema: zod otherwise probes `new Function`, which our content security
// policy forbids and reports.
import { config } from 'zod';

config({ jitless: true });
