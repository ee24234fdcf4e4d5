import numpy as np


# Everything in here is batch first: one row for each example. What comes in and what goes out is turned.

def sigm(z):
    return 1.0 / (1.0 + np.exp(-z))


def softmax_of_rows(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def rnn_cell_forward(xt, a_prev, parameters):
    row, before = xt.T, a_prev.T
    hidden = np.tanh(row @ parameters['Wax'].T + before @ parameters['Waa'].T + parameters['ba'].T)
    out = softmax_of_rows(hidden @ parameters['Wya'].T + parameters['by'].T)
    return hidden.T, out.T, (hidden.T, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    hidden, caches, states, outs = a0, [], [], []
    for row in x.transpose(2, 0, 1):
        hidden, out, kept = rnn_cell_forward(row, hidden, parameters)
        states.append(hidden)
        outs.append(out)
        caches.append(kept)
    return np.stack(states, axis=2), np.stack(outs, axis=2), (caches, x)


def rnn_cell_backward(da_next, cache):
    hidden, before, row, parameters = cache
    hidden, before, row = hidden.T, before.T, row.T
    slope = 1.0 - hidden * hidden
    delta = slope * da_next.T
    back = delta @ parameters['Waa']
    to_input = delta @ parameters['Wax']
    return {'dxt': to_input.T, 'da_prev': back.T, 'dWax': (row.T @ delta).T, 'dWaa': (before.T @ delta).T,
            'dba': delta.sum(axis=0)[:, np.newaxis]}


def rnn_backward(da, caches):
    kept, x = caches
    upstream = da.transpose(2, 1, 0)
    steps, m, n_a = upstream.shape
    to_inputs = []
    back = np.zeros((m, n_a))
    sums = {'dWax': 0, 'dWaa': 0, 'dba': 0}
    for t in range(steps - 1, -1, -1):
        one = rnn_cell_backward((upstream[t] + back).T, kept[t])
        to_inputs.insert(0, one['dxt'].T)
        back = one['da_prev'].T
        for name in sums:
            sums[name] = sums[name] + one[name]
    return {'dx': np.array(to_inputs).transpose(2, 1, 0), 'da0': back.T, **sums}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    rows = np.hstack((a_prev.T, xt.T))
    forget = sigm(rows @ parameters['Wf'].T + parameters['bf'].T)
    update = sigm(rows @ parameters['Wi'].T + parameters['bi'].T)
    candidate = np.tanh(rows @ parameters['Wc'].T + parameters['bc'].T)
    output = sigm(rows @ parameters['Wo'].T + parameters['bo'].T)
    cell = forget * c_prev.T + update * candidate
    hidden = output * np.tanh(cell)
    out = softmax_of_rows(hidden @ parameters['Wy'].T + parameters['by'].T)
    kept = (hidden.T, cell.T, a_prev, c_prev, forget.T, update.T, candidate.T, output.T, xt, parameters)
    return hidden.T, cell.T, out.T, kept


def lstm_forward(x, a0, parameters):
    hidden, cell = a0, np.zeros_like(a0)
    states, cells, outs, caches = [], [], [], []
    for row in x.transpose(2, 0, 1):
        hidden, cell, out, kept = lstm_cell_forward(row, hidden, cell, parameters)
        states.append(hidden)
        cells.append(cell)
        outs.append(out)
        caches.append(kept)
    return np.stack(states, axis=2), np.stack(outs, axis=2), np.stack(cells, axis=2), (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    *turned, parameters = cache
    hidden, cell, before, cell_before, forget, update, candidate, output, row = [entry.T for entry in turned]
    squashed = np.tanh(cell)
    at_output = da_next.T * squashed * output * (1 - output)
    at_cell = dc_next.T + da_next.T * output * (1 - squashed ** 2)
    at_forget = at_cell * cell_before * forget * (1 - forget)
    at_update = at_cell * candidate * update * (1 - update)
    at_candidate = at_cell * update * (1 - candidate ** 2)
    rows = np.hstack((before, row))
    to_rows = (at_forget @ parameters['Wf'] + at_update @ parameters['Wi']
               + at_candidate @ parameters['Wc'] + at_output @ parameters['Wo'])
    n_a = hidden.shape[1]
    grads = {'dxt': to_rows[:, n_a:].T, 'da_prev': to_rows[:, :n_a].T, 'dc_prev': (at_cell * forget).T}
    grads['dWf'], grads['dbf'] = at_forget.T @ rows, at_forget.sum(axis=0)[:, np.newaxis]
    grads['dWi'], grads['dbi'] = at_update.T @ rows, at_update.sum(axis=0)[:, np.newaxis]
    grads['dWc'], grads['dbc'] = at_candidate.T @ rows, at_candidate.sum(axis=0)[:, np.newaxis]
    grads['dWo'], grads['dbo'] = at_output.T @ rows, at_output.sum(axis=0)[:, np.newaxis]
    return grads


def lstm_backward(da, caches):
    kept, x = caches
    upstream = da.transpose(2, 1, 0)
    steps, m, n_a = upstream.shape
    to_inputs = []
    back, cell_back = np.zeros((m, n_a)), np.zeros((m, n_a))
    sums = {}
    for t in range(steps - 1, -1, -1):
        one = lstm_cell_backward((upstream[t] + back).T, cell_back.T, kept[t])
        to_inputs.insert(0, one.pop('dxt').T)
        back, cell_back = one.pop('da_prev').T, one.pop('dc_prev').T
        for name, part in one.items():
            sums[name] = sums.get(name, 0) + part
    return {'dx': np.array(to_inputs).transpose(2, 1, 0), 'da0': back.T, **sums}
