package io.aisle.batch.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A stream whose beginning can be looked at. It hands out what one read gives and tries no more, unlike the buffered streams of Java: of a
 * file that breaks off, all that comes before the break is handed out.
 */
final class HeadStream extends InputStream {
    private static final int HEAD_BYTES = 1 << 12;

    private final InputStream in;
    private final byte[] head;
    private int next;

    HeadStream(InputStream in) throws IOException {
        this.in = in;
        byte[] bytes = new byte[HEAD_BYTES];
        this.head = Arrays.copyOf(bytes, Math.max(0, in.read(bytes, 0, bytes.length)));
    }

    /** The first byte that is neither white space nor of a byte order mark; -1 where there is none near. */
    int firstCharacter() {
        for (byte c : head) {
            boolean isOfByteOrderMark = c == (byte) 0xEF || c == (byte) 0xBB || c == (byte) 0xBF;
            if (!Character.isWhitespace(c) && !isOfByteOrderMark) {
                return c;
            }
        }
        return -1;
    }

    @Override
    public int read() throws IOException {
        return next < head.length ? head[next++] & 0xFF : in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (next == head.length) {
            return in.read(bytes, offset, length);
        }
        int copied = Math.min(length, head.length - next);
        System.arraycopy(head, next, bytes, offset, copied);
        next += copied;
        return copied;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
