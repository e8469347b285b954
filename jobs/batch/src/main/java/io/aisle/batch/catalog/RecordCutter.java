package io.aisle.batch.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;

/** The records of one file, one after the other; holds one at a time. */
interface RecordCutter extends Closeable {
    /** The next record, null after the last. */
    CutRecord next() throws IOException;

    /**
     * One record as it stands in its file.
     *
     * @param raw its text; null where that is what the fields render to
     * @param fields null where the text is yet to be parsed, or cannot be
     * @param reason null where it may be usable
     */
    record CutRecord(String raw, JsonNode fields, QuarantineReason reason, String detail) {
        static CutRecord text(String raw) {
            return new CutRecord(raw, null, null, "");
        }

        static CutRecord fields(String raw, JsonNode fields) {
            return new CutRecord(raw, fields, null, "");
        }

        static CutRecord unusable(String raw, QuarantineReason reason, String detail) {
            return new CutRecord(raw, null, reason, detail);
        }
    }
}
