/* Records as JSON text; see _records.c. */

#ifndef RORQUAL_RECORDS_H
#define RORQUAL_RECORDS_H

#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030b0000
#endif
#include <Python.h>

PyObject *records(PyObject *module, PyObject *args);

#endif
