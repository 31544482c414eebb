// Plain C over libphonenumber (Debian's libphonenumber-dev), as much of it as we use. The Swift
// module PhoneNumbers is its only caller and documents what the answers mean.
//
// Every function may be called from several threads at once, never throws, and writes
// NUL-terminated text that fits the given capacity or nothing.
#ifndef C_PHONE_NUMBERS_H
#define C_PHONE_NUMBERS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Why a text is no number; 0 when it is one.
enum PhoneNumbersProblem {
    PhoneNumbersFine = 0,
    PhoneNumbersNotANumber = 1,
    PhoneNumbersTooShort = 2,
    PhoneNumbersTooLong = 3,
    PhoneNumbersInvalidCountry = 4,
    PhoneNumbersNotPossible = 5
};

enum PhoneNumbersStyle { PhoneNumbersNational = 0, PhoneNumbersInternational = 1 };

/// Big enough for every text that these functions write.
enum { PhoneNumbersCapacity = 128 };

/// Reads `text` as somebody in `region` (ISO 3166, "ZZ" for none) would dial it. `extension` gets
/// what is dialled after the call is answered, or nothing.
int phone_numbers_parse(
    const char *text, size_t length, const char *region, char *e164, char *extension);

/// Whether the number is in a range that its country has given out.
int phone_numbers_is_valid(const char *e164);

/// libphonenumber's PhoneNumberType, or -1.
int phone_numbers_kind(const char *e164);

/// The number's region, or the main one of its country code where its range tells none.
int phone_numbers_region(const char *e164, char *region);

int phone_numbers_format(const char *e164, int style, char *text);

/// 44 for "GB"; 0 for a region without telephones.
int phone_numbers_country_code(const char *region);

#ifdef __cplusplus
}
#endif
#endif
