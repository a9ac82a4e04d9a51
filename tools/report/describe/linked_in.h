/* How the functions are reached whose library is linked into an object of the process: as the object's file tells, if
 * it is still the one that the process had; else as the process has counted itself. */
#ifndef HG_REPORT_DESCRIBE_LINKED_IN_H
#define HG_REPORT_DESCRIBE_LINKED_IN_H

#include "report/model/model.h"

/* Sets `reached` of the functions of the recording, whose reach is known already. Opens no file where the library is an
 * object of its own. */
void hg_describe_linked_in(struct hg_model *model, struct hg_recording *recording);

#endif
