/* What _kernels.c puts into the module of _digests.c. */

#ifndef RORQUAL_DIGESTS_H
#define RORQUAL_DIGESTS_H

/* Whether this processor has what digest_blocks needs; to be called before it. */
int digests_fused(void);

PyObject *digest_blocks(PyObject *module, PyObject *parts);

#endif
