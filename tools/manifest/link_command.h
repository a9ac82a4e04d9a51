#ifndef HG_MANIFEST_LINK_COMMAND_H
#define HG_MANIFEST_LINK_COMMAND_H

/* `handleguard manifest link`: its exit status. */
int hg_command_link(int argc, char **argv);

#endif
