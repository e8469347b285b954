package io.aisle.batch.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A price as catalogs write it: a number, or a text that holds one, as in {@code $1,299.00}; of a range the lower end. */
final class Price {
    /** Commas between thousands. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:,[0-9]{3})*(?:\\.[0-9]+)?");

    private static final int MAX_LENGTH = 100;

    private Price() {}

    /** Null where no price can be read: what is no price keeps no product out. */
    static Double of(JsonNode node) {
        if (node == null) {
            return null;
        }
        if (node.isNumber()) {
            return finite(node.doubleValue());
        }
        if (!node.isTextual() || node.asText().length() > MAX_LENGTH) {
            return null;
        }
        Matcher number = NUMBER.matcher(node.asText());
        return number.find() ? finite(Double.parseDouble(number.group().replace(",", ""))) : null;
    }

    private static Double finite(double price) {
        return Double.isFinite(price) && price >= 0 ? Double.valueOf(price) : null;
    }
}
