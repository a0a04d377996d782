/* The header stands alone, and in several files of one program. */
#include "throughline.h"

int header_again_compiles();
int header_again_compiles() { return tl_text_of("again").size == 5; }
