package io.aisle.batch.catalog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The elements of a JSON array, streamed.
 *
 * <p>One that is broken is quarantined with its text, which ends where the next begins: at the characters that the first element began
 * with, its brace and first name. Where these do not come again, all that follows is one quarantined record. A file whose array is open
 * at its end breaks off there, after all its records were given.
 */
final class ArrayCutter implements RecordCutter {
    private static final Pattern BEGINNING = Pattern.compile("\\{\\s*\"[^\"\\\\]{1,200}\"\\s*:");
    private static final int BEGINNING_CHARACTERS = 400;
    private static final int LAST_CHARACTERS = 400;
    private static final Pattern NOTHING = Pattern.compile("[\\s,\\]]*");
    private static final Pattern SEPARATORS = Pattern.compile("^[\\s,]+|[\\s,]+$");

    private final ObjectMapper mapper = JsonRecords.mapper(false);
    private final ReplayReader reader;
    private final int maxRecord;
    private final int maxRaw;
    private JsonParser parser;
    // what the parser's position 0 is in the file
    private long base;
    private boolean isInArray;
    private boolean hasEnded;
    private boolean isAtEnd;
    private boolean isCutOff;
    private long elements;
    private long lastEnd;
    private String beginning = "";

    ArrayCutter(Reader reader, CatalogSettings.Limits limits) throws IOException {
        this.maxRecord = limits.recordCharacters();
        this.reader = new ReplayReader(reader, maxRecord);
        this.maxRaw = limits.rawCharacters() + 1;
        this.parser = parser();
    }

    /** The file ends before its array does. */
    static final class CutOffException extends EOFException {
        private static final long serialVersionUID = 1L;
    }

    private JsonParser parser() throws IOException {
        // the text after a break is yet to be searched
        return mapper.getFactory().createParser(reader).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
    }

    @Override
    public CutRecord next() throws IOException {
        while (!isAtEnd) {
            long start = -1;
            try {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    return null;
                }
                if (token == JsonToken.START_ARRAY && !isInArray) {
                    isInArray = true;
                    lastEnd = base + parser.currentLocation().getCharOffset();
                } else if (token == JsonToken.END_ARRAY) {
                    isInArray = false;
                    hasEnded = true;
                    lastEnd = base + parser.currentLocation().getCharOffset();
                } else {
                    start = base + parser.currentTokenLocation().getCharOffset();
                    return element(start);
                }
            } catch (JsonProcessingException e) {
                CutRecord broken = broken(start, QuarantineReason.UNPARSABLE, e.getOriginalMessage());
                if (broken != null) {
                    return broken;
                }
            } catch (ReplayReader.TooLongException e) {
                CutRecord tooLong = broken(
                        start, QuarantineReason.OVER_LONG_FIELD, "it has more than " + maxRecord + " characters");
                if (tooLong != null) {
                    return tooLong;
                }
            }
        }
        if (isCutOff) {
            throw new CutOffException();
        }
        return null;
    }

    private CutRecord element(long start) throws IOException {
        JsonNode element = mapper.readTree(parser);
        if (beginning.isEmpty()) {
            beginning = beginning(start);
        }
        lastEnd = base + parser.currentLocation().getCharOffset();
        reader.forgetBefore(lastEnd);
        elements++;
        return CutRecord.fields(null, element);
    }

    private String beginning(long start) {
        Matcher matcher = BEGINNING.matcher(reader.text(start, reader.end(), BEGINNING_CHARACTERS));
        return matcher.lookingAt() ? matcher.group() : "";
    }

    /** Goes on at the next element; null where what could not be read was no more than a comma too few or too many. */
    private CutRecord broken(long start, QuarantineReason reason, String problem) throws IOException {
        boolean isBetween = start < 0;
        long from = isBetween ? lastEnd : start;
        if (beginning.isEmpty() && !isBetween) {
            beginning = beginning(start);
        }
        String head = reader.text(from, reader.end(), maxRaw);
        long found = reader.find(beginning.isEmpty() ? "{" : beginning, isBetween ? from : from + 1);
        isAtEnd = found < 0;
        isCutOff = isAtEnd && isInArray && !hasEnded && !lastCharacters().endsWith("]");
        long to = isAtEnd ? reader.end() : found;
        String raw = reader.keeps(from) ? reader.text(from, to, maxRaw) : head;
        if (!isAtEnd) {
            reader.restart("[", found);
            parser = parser();
            base = found - 1;
            isInArray = false;
            lastEnd = found;
        }
        if (NOTHING.matcher(raw).matches()) {
            return null;
        }
        elements++;
        return CutRecord.unusable(
                SEPARATORS.matcher(raw).replaceAll(""),
                reason,
                "element " + elements + ", at character " + from + ", cannot be read: " + problem);
    }

    private String lastCharacters() {
        return reader.text(reader.end() - LAST_CHARACTERS, reader.end(), LAST_CHARACTERS)
                .stripTrailing();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
