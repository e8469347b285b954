package io.aisle.serving.file;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Sees whether CSV ends within quotes, which its parser takes for the end of the field: that would have swallowed the records after it. */
final class QuoteReader extends FilterReader {
    private Place place = Place.FIELD_START;

    private enum Place {
        FIELD_START,
        PLAIN,
        QUOTED,
        /** Behind a quote within quotes: the first of two, or the last. */
        QUOTE
    }

    QuoteReader(Reader in) {
        super(in);
    }

    /** Whether quotes are open behind what was read so far. */
    boolean isOpen() {
        return place == Place.QUOTED;
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        if (c >= 0) {
            see((char) c);
        }
        return c;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        for (int i = offset; i < offset + read; i++) {
            see(buffer[i]);
        }
        return read;
    }

    private void see(char c) {
        if (c == '"') {
            place = switch (place) {
                case FIELD_START, QUOTE -> Place.QUOTED;
                case PLAIN -> Place.PLAIN;
                case QUOTED -> Place.QUOTE;
            };
        } else if (place != Place.QUOTED) {
            place = c == ',' || c == '\r' || c == '\n' ? Place.FIELD_START : Place.PLAIN;
        }
    }
}
