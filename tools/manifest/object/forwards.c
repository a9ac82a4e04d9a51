#include "manifest/object/forwards.h"

#include "format/image.h"

const struct hg_forward hg_forwards[HG_FORWARD_COUNT] = {
    {"dlsym", "hg_dlsym", 0},
    {"dlvsym", "hg_dlvsym", 0},
    {"longjmp", "hg_longjmp", 0},
    {"_longjmp", "hg__longjmp", 0},
    {"siglongjmp", "hg_siglongjmp", 0},
    {"__longjmp_chk", "hg___longjmp_chk", 0},
    {"dlopen", "hg_dlopen", 0},
    {"dlmopen", "hg_dlmopen", 0},
    {"dlclose", "hg_dlclose", 0},
    {"execve", "hg_execve", 0},
    {"execv", "hg_execv", 0},
    {"execvp", "hg_execvp", 0},
    {"execvpe", "hg_execvpe", 0},
    {"execl", "hg_execl", 0},
    {"execlp", "hg_execlp", 0},
    {"execle", "hg_execle", 0},
    {"fexecve", "hg_fexecve", 0},
    {"execveat", "hg_execveat", 0},
    {"posix_spawn", "hg_posix_spawn", 0},
    {"posix_spawnp", "hg_posix_spawnp", 0},
    {"system", "hg_system", 0},
    {"popen", "hg_popen", 0},
    {"pthread_create", "hg_pthread_create", 0},
    {"thrd_create", "hg_thrd_create", 0},
    {"__cxa_atexit", "hg_cxa_atexit", HG_CLASS_ENDS_AT_EXIT},
    {"free", "hg_free", HG_CLASS_QUARANTINE},
};
