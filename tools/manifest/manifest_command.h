/* `handleguard manifest ...`. */
#ifndef HG_MANIFEST_MANIFEST_COMMAND_H
#define HG_MANIFEST_MANIFEST_COMMAND_H

/* argv[0] is the name that messages begin with. Returns the exit status. */
int hg_command_manifest(int argc, char **argv);

#endif
