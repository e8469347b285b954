package io.aisle.training;

/**
 * Examples in memory, without a teacher.
 *
 * @param sequences [rows][tokens of the row]
 * @param truths [rows]
 */
record TokenRows(int[][] sequences, int[] truths, int labelCount) implements Examples {
    @Override
    public int size() {
        return sequences.length;
    }

    @Override
    public int length(int row) {
        return sequences[row].length;
    }

    @Override
    public int[] tokenIds(int row) {
        return sequences[row];
    }

    @Override
    public int label(int row) {
        return truths[row];
    }

    @Override
    public boolean hasTeacher() {
        return false;
    }

    @Override
    public float[] teacher(int row) {
        throw new IllegalStateException("Cannot read what the teacher says: there is none");
    }
}
