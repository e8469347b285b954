package io.aisle.batch.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;

/** How reports are written as JSON: indented, and null for a number that is undefined. */
public final class ReportJson {
    private ReportJson() {}

    /** The report's text. */
    public static String of(Map<String, Object> report) {
        try {
            return JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** JSON has no NaN. */
    public static Double orNull(double value) {
        return Double.isNaN(value) ? null : Double.valueOf(value);
    }
}
