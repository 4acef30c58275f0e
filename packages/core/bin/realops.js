#!/usr/bin/env node
// A committed file, so that npm links the command in a clone that was not built yet.
import '../dist/cli.js';
