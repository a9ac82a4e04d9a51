/* What is said of text that is no YAML. */
#ifndef HG_MANIFEST_YAML_SYNTAX_H
#define HG_MANIFEST_YAML_SYNTAX_H

#include <yaml.h>

#include "manifest/model/notes.h"

/* Where a parser that reads from memory failed, and the mistake's words (to be freed). */
char *hg_syntax_mistake(const yaml_parser_t *parser, struct hg_mark *mark);

#endif
