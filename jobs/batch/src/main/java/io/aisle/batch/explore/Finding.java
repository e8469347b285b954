package io.aisle.batch.explore;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Something that a share of the rows has in common and somebody should look at.
 *
 * @param what the sentence
 * @param rows that have it
 * @param of that were looked at
 */
record Finding(Kind kind, String what, long rows, long of) {
    /** What is looked for; each has its share from which on it is a finding. */
    enum Kind {
        QUARANTINED("reading"),
        REPEATED_IDS("reading"),
        EMPTY_FIELD("fields"),
        UNLABELLED("classes"),
        RARE_CLASSES("classes"),
        COPIES("copies"),
        NEAR_COPIES("copies"),
        LABEL_CONFLICTS("copies"),
        BROKEN_CHARACTERS("faults"),
        OTHER_LANGUAGES("languages"),
        CUT_TEXTS("lengths"),
        PRICE_OUTLIERS("prices");

        private final String section;

        Kind(String section) {
            this.section = section;
        }

        String settingName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    double share() {
        return of == 0 ? 0 : (double) rows / of;
    }

    Map<String, Object> json(double limit) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind.name().toLowerCase(Locale.ROOT));
        json.put("section", kind.section);
        json.put("what", what);
        json.put("rows", rows);
        json.put("of", of);
        json.put("share", share());
        json.put("warn_above", limit);
        return json;
    }
}
