/* `handleguard run`: runs a program with the guards preloaded, waits for it, reports. */
#ifndef HG_RUN_H
#define HG_RUN_H

/* argv[0] is the name that messages begin with. Returns the exit status. */
int hg_command_run(int argc, char **argv);

#endif
