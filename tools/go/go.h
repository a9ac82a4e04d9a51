/* `handleguard go test ...`: runs `go test` with each test binary under `handleguard run`, and reports on all at once.
 */
#ifndef HG_GO_H
#define HG_GO_H

/* argv[0] is the name that messages begin with. Returns the exit status. */
int hg_command_go(int argc, char **argv);

#endif
