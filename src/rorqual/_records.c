/* Records as JSON text, the one loop over objects: for each text of a long table Python would make one more, and copy
 * it twice.
 *
 * It holds the GIL. What it does not know as text, number, bytes, None or a tuple of such it hands to a function of
 * its caller, which gives the text. The results are those of rorqual.oracles.
 */

#include "_records.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *at;
    size_t size, room;
} Text;

static const char DIGITS[] = "0123456789abcdef";

/* Where `more` bytes can be written; NULL with an exception where memory runs out. */
static char *reserve(Text *text, size_t more)
{
    if (text->room - text->size < more) {
        size_t room = text->room + text->room / 2 + more + 256;
        char *moved = room > text->room ? realloc(text->at, room) : NULL;
        if (moved == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        text->at = moved;
        text->room = room;
    }
    return text->at + text->size;
}

static int put(Text *text, const char *from, size_t size)
{
    char *to = reserve(text, size);
    if (to == NULL)
        return -1;
    memcpy(to, from, size);
    text->size += size;
    return 0;
}

static int is_plain(uint8_t c)
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

static char *unit(char *to, unsigned value)
{
    *to++ = '\\';
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *to++ = DIGITS[value >> shift & 15];
    return to;
}

/* The escape of the character that begins at x, which is valid UTF-8; how many bytes it has goes to `width`. */
static char *escape(char *to, const uint8_t *x, int *width)
{
    static const char SHORT[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    uint32_t c = x[0];
    *width = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    for (int i = 0; i < 14; i += 2)
        if (c == (uint8_t)SHORT[i]) {
            *to++ = '\\';
            *to++ = SHORT[i + 1];
            return to;
        }
    if (*width > 1) {
        c &= 0x3f >> (*width - 1);
        for (int i = 1; i < *width; i++)
            c = c << 6 | (x[i] & 0x3f);
    }
    if (c < 0x10000)
        return unit(to, c);
    c -= 0x10000;
    return unit(unit(to, 0xd800 | c >> 10), 0xdc00 | (c & 0x3ff));
}

static int put_string(Text *text, const uint8_t *x, size_t n)
{
    if (n > SIZE_MAX / 8) {
        PyErr_NoMemory();
        return -1;
    }
    char *to = reserve(text, 6 * n + 2); /* no byte of UTF-8 makes more than six of an escape */
    if (to == NULL)
        return -1;
    const uint8_t *end = x + n;
    *to++ = '"';
    while (x < end) {
        const uint8_t *from = x;
        while (x < end && is_plain(*x))
            x++;
        memcpy(to, from, (size_t)(x - from));
        to += x - from;
        if (x < end) {
            int width;
            to = escape(to, x, &width);
            x += width;
        }
    }
    *to++ = '"';
    text->size = (size_t)(to - text->at);
    return 0;
}

static int put_number(Text *text, long long value)
{
    char digits[24], *at = digits + sizeof digits;
    unsigned long long left = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--at = '-';
    return put(text, at, (size_t)(digits + sizeof digits - at));
}

static int put_float(Text *text, double value)
{
    char *shown = PyOS_double_to_string(value, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (shown == NULL)
        return -1;
    int failed = put(text, shown, strlen(shown));
    PyMem_Free(shown);
    return failed;
}

static int put_hex(Text *text, const uint8_t *x, size_t n)
{
    char *to = n <= SIZE_MAX / 8 ? reserve(text, 2 * n + 2) : (char *)PyErr_NoMemory();
    if (to == NULL)
        return -1;
    *to++ = '"';
    for (size_t i = 0; i < n; i++) {
        *to++ = DIGITS[x[i] >> 4];
        *to++ = DIGITS[x[i] & 15];
    }
    *to++ = '"';
    text->size += 2 * n + 2;
    return 0;
}

/* Text that Python gave, which is ASCII; it is given back. */
static int put_told(Text *text, PyObject *told)
{
    Py_ssize_t size;
    const char *shown = told == NULL ? NULL : PyUnicode_AsUTF8AndSize(told, &size);
    int failed = shown == NULL ? -1 : put(text, shown, (size_t)size);
    Py_XDECREF(told);
    return failed;
}

static int put_other(Text *text, PyObject *value, PyObject *other)
{
    return put_told(text, PyObject_CallFunctionObjArgs(other, value, NULL));
}

/* With halves of surrogate pairs, as UTF-8 has them where that is passed over. */
static int put_broken_string(Text *text, PyObject *value)
{
    PyObject *encoded = PyUnicode_AsEncodedString(value, "utf-8", "surrogatepass");
    char *x;
    Py_ssize_t size;
    int failed = encoded == NULL || PyBytes_AsStringAndSize(encoded, &x, &size) ? -1
                                                                                : put_string(text, (uint8_t *)x, (size_t)size);
    Py_XDECREF(encoded);
    return failed;
}

/* Writes a value that is known here: 0; 1: it is not, and nothing is written; -1: an exception. */
static int put_atom(Text *text, PyObject *value)
{
    PyTypeObject *kind = Py_TYPE(value);
    if (kind == &PyUnicode_Type) {
        Py_ssize_t size;
        const char *x = PyUnicode_AsUTF8AndSize(value, &size);
        if (x == NULL && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
            PyErr_Clear();
            return put_broken_string(text, value);
        }
        return x == NULL ? -1 : put_string(text, (const uint8_t *)x, (size_t)size);
    }
    if (kind == &PyLong_Type) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        return overflow ? put_told(text, PyObject_Str(value)) : put_number(text, number);
    }
    if (value == Py_None)
        return put(text, "null", 4);
    if (kind == &PyBool_Type)
        return value == Py_True ? put(text, "true", 4) : put(text, "false", 5);
    if (kind == &PyFloat_Type) {
        double number = PyFloat_AsDouble(value);
        return isfinite(number) ? put_float(text, number) : 1;
    }
    if (kind == &PyBytes_Type) {
        char *x;
        Py_ssize_t size;
        return PyBytes_AsStringAndSize(value, &x, &size) ? -1 : put_hex(text, (const uint8_t *)x, (size_t)size);
    }
    return 1;
}

/* A tuple whose first item is known here, as the others mostly are then: 0, 1 and -1 as above. */
static int put_items(Text *text, PyObject *value, PyObject *other)
{
    if (Py_TYPE(value) != &PyTuple_Type)
        return 1;
    Py_ssize_t count = PyTuple_Size(value);
    size_t before = text->size;
    if (put(text, "[", 1))
        return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = PyTuple_GetItem(value, i);
        if (i && put(text, ",", 1))
            return -1;
        int known = put_atom(text, item);
        if (known == 1 && i == 0) {
            text->size = before;
            return 1;
        }
        if (known < 0 || (known == 1 && put_other(text, item, other)))
            return -1;
    }
    return put(text, "]", 1);
}

static int put_value(Text *text, PyObject *value, PyObject *other)
{
    int known = put_atom(text, value);
    if (known == 1)
        known = put_items(text, value, other);
    return known == 1 ? put_other(text, value, other) : known;
}

static int put_row(Text *text, PyObject *heads, PyObject *order, PyObject *row, PyObject *other)
{
    char *places;
    Py_ssize_t count;
    if (PyBytes_AsStringAndSize(order, &places, &count))
        return -1;
    if (!PyTuple_Check(row) || count != PyTuple_Size(heads)) {
        PyErr_SetString(PyExc_TypeError, "records: a row is a tuple with a place for each head");
        return -1;
    }
    if (put(text, "{", 1))
        return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        char *head;
        Py_ssize_t size;
        PyObject *value = PyTuple_GetItem(row, (uint8_t)places[i]);
        if (value == NULL || PyBytes_AsStringAndSize(PyTuple_GetItem(heads, i), &head, &size)
            || put(text, head, (size_t)size) || put_value(text, value, other))
            return -1;
    }
    return put(text, "}", 1);
}

PyObject *records(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *heads, *order, *rows, *other, *result = NULL;
    if (!PyArg_ParseTuple(args, "O!O!O!O:records", &PyTuple_Type, &heads, &PyBytes_Type, &order, &PyTuple_Type, &rows,
                          &other))
        return NULL;
    Text text = {NULL, 0, 0};
    Py_ssize_t count = PyTuple_Size(rows);
    for (Py_ssize_t i = 0; i < count; i++)
        if ((i && put(&text, ",", 1)) || put_row(&text, heads, order, PyTuple_GetItem(rows, i), other))
            goto done;
    result = PyUnicode_FromStringAndSize(text.size ? text.at : "", (Py_ssize_t)text.size);
done:
    free(text.at);
    return result;
}
