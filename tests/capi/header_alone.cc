/* The header stands alone, and in several files of one program. */
#include "throughline.h"

int header_alone_compiles(void);
int header_alone_compiles(void) { return tl_text_of("alone").size == 5; }
