/* The header stands alone, and in several files of one program. */
#include "throughline.h"

int header_alone_compiles();
int header_alone_compiles() { return tl_text_of("alone").size == 5; }
