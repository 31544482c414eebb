#include "CPhoneNumbers.h"

#include <cstring>
#include <string>

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

// Made once, thread-safe by libphonenumber itself.
const PhoneNumberUtil &util() { return *PhoneNumberUtil::GetInstance(); }

bool write(const std::string &text, char *to) {
    if (text.size() >= PhoneNumbersCapacity) return false;
    std::memcpy(to, text.c_str(), text.size() + 1);
    return true;
}

int problem(PhoneNumberUtil::ErrorType error) {
    switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR: return PhoneNumbersFine;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return PhoneNumbersInvalidCountry;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN: return PhoneNumbersTooShort;
    case PhoneNumberUtil::TOO_LONG_NSN: return PhoneNumbersTooLong;
    default: return PhoneNumbersNotANumber;
    }
}

int problem(PhoneNumberUtil::ValidationResult result) {
    switch (result) {
    case PhoneNumberUtil::IS_POSSIBLE: return PhoneNumbersFine;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE: return PhoneNumbersInvalidCountry;
    // Complete only within its own town.
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
    case PhoneNumberUtil::TOO_SHORT: return PhoneNumbersTooShort;
    case PhoneNumberUtil::TOO_LONG: return PhoneNumbersTooLong;
    default: return PhoneNumbersNotPossible;
    }
}

bool read(const char *e164, PhoneNumber *number) {
    return util().Parse(e164, "ZZ", number) == PhoneNumberUtil::NO_PARSING_ERROR;
}

}  // namespace

int phone_numbers_parse(
    const char *text, size_t length, const char *region, char *e164, char *extension) try {
    PhoneNumber number;
    const int parsing = problem(util().Parse(std::string(text, length), region, &number));
    if (parsing != PhoneNumbersFine) return parsing;
    const int checking = problem(util().IsPossibleNumberWithReason(number));
    if (checking != PhoneNumbersFine) return checking;
    if (!write(number.extension(), extension)) return PhoneNumbersTooLong;
    std::string formatted;
    util().Format(number, PhoneNumberUtil::E164, &formatted);
    // E.164 has at most 15 digits; some national plans would let more through.
    if (formatted.size() > 16 || !write(formatted, e164)) return PhoneNumbersTooLong;
    return PhoneNumbersFine;
} catch (...) {
    return PhoneNumbersNotANumber;
}

int phone_numbers_is_valid(const char *e164) try {
    PhoneNumber number;
    return read(e164, &number) && util().IsValidNumber(number);
} catch (...) {
    return 0;
}

int phone_numbers_kind(const char *e164) try {
    PhoneNumber number;
    return read(e164, &number) ? static_cast<int>(util().GetNumberType(number)) : -1;
} catch (...) {
    return -1;
}

int phone_numbers_region(const char *e164, char *region) try {
    PhoneNumber number;
    if (!read(e164, &number)) return 0;
    std::string code;
    util().GetRegionCodeForNumber(number, &code);
    if (code.empty() || code == "ZZ") {
        util().GetRegionCodeForCountryCode(number.country_code(), &code);
    }
    // "001": of the whole world, such as +800.
    return code.size() == 2 && code != "ZZ" && write(code, region);
} catch (...) {
    return 0;
}

int phone_numbers_format(const char *e164, int style, char *text) try {
    PhoneNumber number;
    if (!read(e164, &number)) return 0;
    std::string formatted;
    util().Format(
        number,
        style == PhoneNumbersNational ? PhoneNumberUtil::NATIONAL : PhoneNumberUtil::INTERNATIONAL,
        &formatted);
    return !formatted.empty() && write(formatted, text);
} catch (...) {
    return 0;
}

int phone_numbers_country_code(const char *region) try {
    return util().GetCountryCodeForRegion(region);
} catch (...) {
    return 0;
}
